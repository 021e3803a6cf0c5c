from django.urls import path

from apps.stafettlogg.views import plan

urlpatterns = [
    path("logger/<uuid:pk>/plan/", plan.plan, name="plan"),
    path("logger/<uuid:pk>/plan/nytt-mal/", plan.add_goal, name="add_goal"),
    path("logger/<uuid:pk>/plan/mal/<uuid:goal_id>/", plan.edit_goal, name="edit_goal"),
    path("logger/<uuid:pk>/plan/mal/<uuid:goal_id>/status/", plan.goal_status, name="goal_status"),
    path("logger/<uuid:pk>/plan/mal/<uuid:goal_id>/nytt-tiltak/", plan.add_measure, name="add_measure"),
    path("logger/<uuid:pk>/plan/tiltak/<uuid:measure_id>/", plan.edit_measure, name="edit_measure"),
    path("logger/<uuid:pk>/plan/tiltak/<uuid:measure_id>/status/", plan.measure_status, name="measure_status"),
    path("logger/<uuid:pk>/plan/mal/<uuid:goal_id>/angre/", plan.take_back_goal, name="take_back_goal"),
    path("logger/<uuid:pk>/plan/tiltak/<uuid:measure_id>/angre/", plan.take_back_measure, name="take_back_measure"),
]
