-- The smallest area each respondent is known to live in, as the map was when they answered.
--
-- grain: wave, respondent_id
-- units: none
-- reads: staging.respondent, ref.area_code
-- drops: respondents without an area code
select
    respondent.wave,
    respondent.respondent_id,
    area_code.area_id
from staging.respondent as respondent
-- The codes of a wave are those valid on its first day: places are renamed and moved.
inner join ref.area_code as area_code
    on
        respondent.wave = area_code.wave
        and respondent.area_code = area_code.code
