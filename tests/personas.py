"""The people of the access matrix, by what they are to the log. Each is one real role and one relation."""

STAFF_IN_LOG = {"holder", "deputy", "participant", "leader_opened"}
# A participant of a service that takes part in its own measures (docs/adr/0016).
OWN_MEASURES = {"own_measures"}
HOLDING = {"holder", "deputy"}
FAMILY = {"guardian", "guardian_two", "youth"}
# By a decision that gives child welfare the care (safety.md S36).
FOSTER = {"foster"}
LEADERS = {"leader", "leader_opened", "leader_reason_ran_out", "leader_of_participant", "leader_elsewhere"}
# Leaders of a unit that holds or takes part in the log, without an open reason.
WITHOUT_REASON = {"leader", "leader_reason_ran_out", "leader_of_participant"}
EMPLOYEES = (
    STAFF_IN_LOG
    | OWN_MEASURES
    | LEADERS
    | {
        "deputy_later",
        "colleague",
        "left_the_log",
        "left_the_job",
        "sharing_ran_out",
        "stranger_employee",
        "coordinator",
        "flow",
    }
)
CITIZENS = (FAMILY | FOSTER) | {
    "stranger_citizen",
    "guardian_elsewhere",
    "guardian_blocked",
    "guardian_unchecked",
    "guardian_without_responsibility",
}
SIGNED_IN = EMPLOYEES | CITIZENS
# An account that is switched off has no session: she meets what someone without sign-in meets.
OUTSIDE = {"anonymous", "switched_off"}
PERSONAS = SIGNED_IN | OUTSIDE
# One of each role. An address about no child asks what role one has, never what one is to a child.
ONE_OF_EACH_ROLE = OUTSIDE | {
    "holder",
    "left_the_job",
    "leader",
    "leader_elsewhere",
    "coordinator",
    "flow",
    "guardian",
    "youth",
    "foster",
    "stranger_citizen",
}
