from apps.municipality.forms.settings import SECTIONS, ConsentAgesForm, WordsForm
from apps.municipality.forms.units import PhoneForm, RoleForm, UnitForm

__all__ = ["SECTIONS", "ConsentAgesForm", "PhoneForm", "RoleForm", "UnitForm", "WordsForm"]
