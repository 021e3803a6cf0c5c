app_name = "stafettlogg"

urlpatterns = []
