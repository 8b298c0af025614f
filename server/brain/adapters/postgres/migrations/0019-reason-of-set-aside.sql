-- Why a change or a request was set aside, where it was not for failing again and again.
alter table missions.change_try add column reason text;
