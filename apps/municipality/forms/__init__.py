from apps.municipality.forms.settings import FORM_LABELS, SECTIONS, ConsentAgesForm, WordsForm
from apps.municipality.forms.units import PhoneForm, RoleForm, UnitForm

__all__ = ["FORM_LABELS", "SECTIONS", "ConsentAgesForm", "PhoneForm", "RoleForm", "UnitForm", "WordsForm"]
