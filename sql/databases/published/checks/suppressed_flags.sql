-- refuses: figures whose status and is_suppressed say different things
select count(*)
from estimate
where is_suppressed <> (status = 'suppressed')
