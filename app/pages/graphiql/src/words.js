// What people are called here, in Chinese and English.
export const ROLES = {
  ANYONE: '任何人 Anyone',
  RESIDENT: '居民 Resident',
  LAWYER: '律师 Lawyer',
  OFFICER: '承办人员 Officer',
  WINDOW_STAFF: '窗口人员 Window staff',
  MEDIATOR: '调解员 Mediator',
  NOTARY: '公证员 Notary',
  EDITOR: '编辑 Editor',
  MODERATOR: '审核员 Moderator',
  ANALYST: '分析员 Analyst',
  SUPERVISOR: '督导 Supervisor',
  ADMIN: '管理员 Administrator',
  SECURITY_OFFICER: '安全员 Security officer',
  AUDITOR: '审计员 Auditor',
};

export const roleNamed = (role) => ROLES[role] ?? role;

/** Whether one of these is an office: only the staff are shown the schema. */
export const isStaff = (roles) => roles.some((role) => !['RESIDENT', 'LAWYER'].includes(role));
