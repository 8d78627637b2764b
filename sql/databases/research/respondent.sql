-- Who is in the file for researchers, with all that pseudonyms, classes and scores are made from:
-- respondents that no rule or screen set aside.
--
-- grain: wave, respondent_id
-- units: scores: points; flags, outcomes and counts of flags: 1 or 0; answers: codes
-- reads: scores.respondent_factor, staging.respondent, staging.respondent_area, ref.wave
-- drops: respondents refused or set aside by a screen
select
    respondent_factor.wave,
    respondent_factor.respondent_id,
    -- Who has no known area still belongs to the largest one.
    coalesce(respondent_area.area_id, wave.root_area) as area_id,
    respondent_factor.grade,
    respondent_factor.gender,
    respondent_factor.weight,
    -- Scores, flags, outcomes, counts of flags; then the export's columns, answers among them.
    columns('^(?:score|is_flagged|outcome|reaches)_.*$'), -- noqa: AL03
    respondent.* exclude (wave, respondent_id, grade, gender, weight) -- noqa: AM04, RF02
from scores.respondent_factor as respondent_factor
inner join staging.respondent as respondent
    on
        respondent_factor.wave = respondent.wave
        and respondent_factor.respondent_id = respondent.respondent_id
inner join ref.wave as wave on respondent_factor.wave = wave.wave
left join staging.respondent_area as respondent_area
    on
        respondent_factor.wave = respondent_area.wave
        and respondent_factor.respondent_id = respondent_area.respondent_id
where respondent_factor.is_analysed
