"""When someone is reminded: whole local days before or after what is due."""

MEASURE_DAYS_BEFORE = 3
EVALUATION_DAYS_BEFORE = 7
REQUEST_DAYS_BEFORE_REMOVAL = 7
EXPIRED_SHOWN_DAYS = 30
SHELL_DAYS_BEFORE = (7, 1)
INVITATION_DAYS = (3, 7)
