-- Why an answer is missing, of the respondents in the file for researchers.
--
-- grain: wave, respondent_id, item_id
-- units: none
-- reads: staging.missing_answer, scores.respondent_factor
-- drops: respondents refused or set aside by a screen
select
    missing_answer.wave,
    missing_answer.respondent_id,
    missing_answer.item_id,
    missing_answer.reason
from staging.missing_answer as missing_answer
inner join scores.respondent_factor as respondent_factor
    on
        missing_answer.wave = respondent_factor.wave
        and missing_answer.respondent_id = respondent_factor.respondent_id
where respondent_factor.is_analysed
