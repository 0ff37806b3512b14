"""One outcome from its labels to a saved model and a report."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from contracts.errors import DataMissing
from contracts.place import Outcome, Place
from models.as_listed import choose_as_listed
from models.backtest import (
    Tell,
    Trials,
    ahead_of,
    backtest_table,
    fit_plan,
    judged_rows,
    learn_rules,
    newest_year,
    run_backtest,
    sample_of,
)
from models.bootstrap import Resamples
from models.calibration import fit_steadiest
from models.card import print_card
from models.choose import Choice, choose
from models.evaluate import Judged, compare, evaluate
from models.fitting import LEAST_EVENTS, Fits, level_by_year
from models.kinds import MODELS
from models.leaks import refuse_too_good
from models.panel import Labels, Panel, settled_months
from models.regret import weigh_regret
from models.report import OutcomeReport, RankingReport, RegretReport
from models.rules import Rule
from models.sampling import Sample
from models.splits import Fit, plan_backtest, plan_final
from models.store import save
from models.write_up import AS_LISTED, Learning, Lists, write_up

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Plans:
    """The fits behind one outcome's tests and its scores."""

    tests: tuple[Fit, ...]
    scoring: Fit


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What came of one outcome; only the report where it could not be trained."""

    report: OutcomeReport
    plans: Plans | None = None
    backtest: pl.DataFrame | None = None


@dataclass(frozen=True, kw_only=True)
class _Tried:
    """What the tested months showed."""

    trials: Trials
    judged: Judged
    rankings: dict[str, RankingReport]
    choice: Choice
    regret: RegretReport


@dataclass(frozen=True, kw_only=True)
class OutcomeLearner:
    """Tests, fits and saves the models of one outcome.

    Attributes:
        panel: Every household at every month end.
        labels: The outcome, aligned with it.
        outcome: Its key.
        place: The place.
        month: Index date of the release month.
        rules: Plain rules to stand beside the models.
        resamples: Draws of households.
        folder: The release month's folder.
        tell: Told what is being done.
    """

    panel: Panel
    labels: Labels
    outcome: Outcome
    place: Place
    month: date
    rules: Sequence[Rule]
    resamples: Resamples
    folder: Path
    tell: Tell

    def learn(self) -> Learnt:
        """Test the models on unseen months, fit the one that scores, and save it.

        An outcome with too few events is reported as such and left out.

        Raises:
            LeakSuspected: If a feature is too good alone, or months overlap.
        """
        try:
            plans = self._plan()
            everything = self._enough(plans)
        except DataMissing as error:
            logger.warning("%s: not trained", self.outcome.value)
            report = OutcomeReport(outcome=self.outcome.value, trained=False, why_not=str(error))
            return Learnt(report=report)
        best_alone = refuse_too_good(everything, self.panel.names)
        tried = self._try_out(plans)
        self.tell("fitting the model that scores")
        fits = self._final(plans.scoring, tried.trials, tried.judged)
        save(
            self.folder,
            outcome=self.outcome,
            fits=fits,
            kind=tried.choice.shipped,
            plan=plans.scoring,
            training=self.place.training,
        )
        learning = Learning(
            events=everything.events,
            households=everything.households_with_event,
            best_alone=best_alone,
            trees=fits.booster.trees,
            card=print_card(fits.card, self.panel.specs),
        )
        return self._learnt(plans, tried, learning)

    def _plan(self) -> Plans:
        windows = self.place.training_windows
        months = settled_months(self.panel, self.labels, month=self.month, windows=windows)
        origins = self.place.training.origins
        return Plans(
            tests=tuple(plan_backtest(months, windows, origins=origins)),
            scoring=plan_final(months, self.month, windows),
        )

    def _sample(self, plan: Fit) -> Sample:
        sample = sample_of(self.panel, self.labels, plan.whole, self.place)
        if sample is None:
            raise ValueError("a plan learns from at least one month")
        return sample

    def _enough(self, plans: Plans) -> Sample:
        """What the scoring model learns from, where the first fit too has events enough.

        Raises:
            DataMissing: If one has too few; the message says how many there are and are needed.
        """
        everything = self._sample(plans.scoring)
        first = self._sample(plans.tests[0]).households_with_event
        fewest = min(first, everything.households_with_event)
        if fewest < LEAST_EVENTS:
            raise DataMissing(
                f"Too few events to train: {fewest} households had one before the months to test "
                f"on, and at least {LEAST_EVENTS} are needed.",
                next_step="Wait for more months, or leave the outcome out.",
            )
        return everything

    def _try_out(self, plans: Plans) -> _Tried:
        """Fit on what came before, test, and judge every ranking."""
        fitted = learn_rules(self.panel, self.labels, plans.tests[0], self.rules, self.place)
        trials = run_backtest(
            self.panel,
            self.labels,
            plans.tests,
            rules=fitted,
            place=self.place,
            tell=self.tell,
        )
        judged = judged_rows(self.panel, self.labels, trials)
        self.tell("measuring with ranges")
        rankings, draws = evaluate(judged, self.resamples, fully=(*MODELS, fitted.best))
        says = self.place.outcomes[self.outcome].says
        months = np.unique(judged.day, return_inverse=True)[1].astype(np.int64)
        regret = weigh_regret(
            months, judged.y, {name: judged.rankings[name].chosen for name in MODELS}
        )
        choice = choose(
            lambda a, b: compare(a, b, draws, says=says), picked=regret.picked, rule=fitted.best
        )
        return _Tried(trials=trials, judged=judged, rankings=rankings, choice=choice, regret=regret)

    def _final(self, plan: Fit, trials: Trials, judged: Judged) -> Fits:
        """The models that score, calibrated on all that the tested months showed.

        The tested models' calibration is handed on to the model that scores, by the last of them.
        """
        fits = fit_plan(self.panel, self.labels, plan, self.place)
        year = newest_year(self.panel, self.labels, plan, self.place)
        if not fits.calibrated or year is None:
            return fits
        ahead, block = ahead_of(self.panel, self.labels, plan), self._tested_sample(trials)
        sigmoids = {}
        for name, model in fits.models.items():
            score = judged.rankings[name].score
            found = fit_steadiest(score, judged.y, np.ones(len(judged.y)), judged.household)
            found = found.handed_on(trials.fits[-1].models[name].raw(ahead), model.raw(ahead))
            sigmoids[name] = level_by_year(model, found, block, year)
        return replace(fits, sigmoids=sigmoids)

    def _tested_sample(self, trials: Trials) -> Sample:
        """The tested months, thinned as what is learnt from is."""
        months = [month for plan in trials.plans for month in plan.tests]
        found = sample_of(self.panel, self.labels, months, self.place)
        if found is None:
            raise ValueError("at least one month is tested")
        return found

    def _learnt(self, plans: Plans, tried: _Tried, learning: Learning) -> Learnt:
        lists = self._lists(tried)
        report = write_up(
            self.outcome,
            judged=tried.judged,
            trials=tried.trials,
            rankings=tried.rankings,
            choice=tried.choice,
            regret=tried.regret,
            lists=lists,
            learning=learning,
            resamples=self.resamples,
            place=self.place,
        )
        table = backtest_table(
            tried.judged,
            tried.trials,
            outcome=self.outcome.value,
            lists=lists.ranking,
            codes=list(self.place.neighbourhoods),
        )
        return Learnt(report=report, plans=plans, backtest=table)

    def _lists(self, tried: _Tried) -> Lists:
        """The model that ships, with its lists as teams would have had them where it lists."""
        shipped = tried.choice.shipped
        ranking = tried.judged.rankings[shipped]
        if self.outcome is not self.place.listed_outcome:
            return Lists(ranking=ranking)
        lists = choose_as_listed(self.panel, self.labels, tried.trials, self.place, shipped)
        known = tried.trials.known
        return Lists(
            ranking=replace(ranking, says=AS_LISTED, chosen=np.asarray(lists.chosen[known])),
            rerouted=int(lists.rerouted.sum()),
            real=lists,
        )
