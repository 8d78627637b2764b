-- The smallest area each respondent is known to live in, as the map was when they answered. In a
-- wave whose exports do not tell areas apart, that is the site's largest area.
--
-- grain: wave, respondent_id
-- units: none
-- reads: staging.respondent, ref.area_code, ref.wave
-- drops: respondents without an area code, where the wave has them
select
    respondent.wave,
    respondent.respondent_id,
    coalesce(area_code.area_id, wave.root_area) as area_id
from staging.respondent as respondent
inner join ref.wave as wave on respondent.wave = wave.wave
-- The codes of a wave are those valid on its first day: places are renamed and moved.
left join ref.area_code as area_code
    on
        respondent.wave = area_code.wave
        and respondent.area_code = area_code.code
where area_code.area_id is not null or not wave.has_area_codes
