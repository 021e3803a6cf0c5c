"""A random walk through what can happen to a log, and what must be true of every sentence after each step (S28).

What each employee gets when signing in is the measure; what every page, receipt and PDF says is held against it.
"""

import re
from collections import Counter
from io import BytesIO

from pypdf import PdfReader

from apps.stafettlogg import access
from apps.stafettlogg.enums import About, ConsentState
from apps.stafettlogg.models import Consent, ConsentAnswer, OwnThread
from apps.stafettlogg.selectors.family_children import cards_for
from apps.stafettlogg.selectors.own_threads import seat_at
from tests.stafettlogg.family_pages import main_of, page_of, signed_in
from tests.truth_acts import LogWalk

PAGES_EACH = 10
# So many steps are still taken in a log that is closed or removed.
AFTER_THE_END = 2
_SAID = re.compile(r'p-state__say">(.*?)</p>|p-state__line">(.*?)</p>', re.DOTALL)
_READS = re.compile(r"^(?P<who>.*?) kan (?:fortsatt )?lese")
_NOBODY = ("Ingen tjeneste leser", "Vi deler ingenting")
_SPACE = re.compile(r"\s+")


def flat(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


class TruthWalk(LogWalk):
    """`check()` is what holds after every step, `check_pages()` what every page, receipt and PDF says."""

    def employees_who_read(self) -> set[str]:
        """The services whose employee meets the content, by name, from the rows that let people in."""
        rows = {row.user_id: row for row in access.current_rows_in([self.pk], self.now)}
        found = set()
        for user, unit in self.services:
            row = rows.get(user.pk)
            sees = row is not None and access.visible_logs(user, self.now).exists() and access.sees_content(row)
            found |= {unit.name} if sees else set()
        return found

    def sentences(self) -> dict:
        """What is said to each reader at home, by person; nothing for one who reads nothing."""
        found = {}
        for user in self.people():
            cards = cards_for(user, self.now)
            assert len(cards) <= 1
            found[user] = cards[0].state if cards else None
        return found

    def check(self) -> None:
        reads = self.employees_who_read()
        self.check_threads()
        for user, state in self.sentences().items():
            if state is None:
                continue
            self._hold(user, state, reads)

    def check_threads(self) -> None:
        """A thread about a guardian herself is read by her, who holds the log, and the service while her yes stands."""
        for thread in OwnThread.objects.filter(log=self.pk).select_related("guardian__user"):
            rows = Consent.objects.filter(log=self.pk, guardian=thread.guardian_id, about=About.OWN)
            yes = rows.filter(state=ConsentState.GIVEN, expires_at__gt=self.now).exists()
            readers = {user for user in self.everyone() if seat_at(user, thread.pk, self.now) is not None}
            where = (self.trail[-5:], [user.name for user in readers])
            assert readers <= {thread.guardian.user, self.holder, self.at_nav}, where
            assert yes or self.at_nav not in readers, where
            assert not access.visible_logs(self.at_nav, self.now).exists(), where

    def everyone(self) -> list:
        return [*self.people(), self.holder, self.helper, self.leader, self.other_leader, self.at_nav]

    def _hold(self, user, state, reads) -> None:
        where = (self.trail[-5:], user.name, state.say, reads)
        assert state.shares == bool(reads), where
        assert any(words in state.say for words in _NOBODY) <= (not reads), where
        for sentence in re.split(r"(?<=\.) ", state.say):
            named = _READS.match(sentence)
            if named and named["who"] == "En tjeneste":  # one that is hidden from the reader (S34)
                assert reads, where
            elif named:
                assert {unit.name for _user, unit in self.services if unit.name in named["who"]} == reads, where
        if not reads and state.code not in ("asked", "waiting"):
            assert any(words in state.say for words in _NOBODY) or state.code == "closed", where
        if "ennå" in state.say:
            yes = Consent.objects.filter(log=self.pk, about=About.CHILD, state=ConsentState.GIVEN)
            yes = yes.filter(guardian__user=user)
            assert yes.exists() or user == self.youth, where

    def check_pages(self) -> None:
        """Signing in as each: employees meet the content or not, and the family one sentence on every page and PDF."""
        reads = self.employees_who_read()
        for user, unit in self.services:
            got = signed_in(user).get(page_of("plan", self.pk)).status_code
            assert (got == 200) == (unit.name in reads), (self.trail[-5:], unit.name, got)
        for user, state in self.sentences().items():
            self._check_family(user, state)

    def _check_family(self, user, state) -> None:
        client = signed_in(user)
        children = main_of(client.get(page_of("children")))
        shown = {flat(first or second) for first, second in _SAID.findall(children)}
        if state is None:
            assert shown == set(), (self.trail[-5:], user.name, shown)
            assert client.get(page_of("parent_log", self.pk)).status_code == 404, (self.trail[-5:], user.name)
            return
        say = flat(state.say)
        for name in ("parent_log", "own_consents"):
            page = main_of(client.get(page_of(name, self.pk)))
            shown |= {flat(first or second) for first, second in _SAID.findall(page)}
        assert shown <= {say}, (self.trail[-5:], user.name, shown, say)
        assert say in shown, (self.trail[-5:], user.name, shown, say)
        if self.log.is_opened:
            self._check_pdf(client, say, user)
        self._check_receipts(client, user)

    def _check_pdf(self, client, say, user) -> None:
        got = client.get(page_of("family_download", self.pk))
        if got.status_code == 200:
            text = flat(" ".join(page.extract_text() for page in PdfReader(BytesIO(got.content)).pages))
            assert say.replace(" ", "") in text.replace(" ", ""), (self.trail[-5:], user.name, say)

    def _check_receipts(self, client, user) -> None:
        """A receipt speaks of its own instant and points to the page that is true now."""
        answers = ConsentAnswer.objects.filter(request__log=self.pk)
        own = answers.filter(guardian__user=user) if user != self.youth else answers.filter(is_youth=True)
        for answer in own.order_by("-answered_at")[:1]:
            got = client.get(page_of("consent_receipt", self.pk, answer.pk))
            assert got.status_code == 200, (self.trail[-5:], user.name)
            page = main_of(got)
            assert page_of("parent_log", self.pk) in page or page_of("children") in page


def walk(seed: int, clock, *, steps: int, own: bool) -> Counter[str]:
    """So many steps, each checked; pages, receipts and PDF at every tenth and the end. What took effect, counted.

    When a log is over, the next begins: of other people, in other places.
    """
    done, over = Counter[str](), 0
    one = TruthWalk(seed, clock, own=own)
    for number in range(1, steps + 1):
        one.step()
        one.check()
        over += one.is_over
        if number % PAGES_EACH == 0 or number == steps or over > AFTER_THE_END:
            one.check_pages()
        if over > AFTER_THE_END:
            done, over = done + one.done, 0
            one = TruthWalk(seed * 1000 + number, clock, own=own)
    return done + one.done
