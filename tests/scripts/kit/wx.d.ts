// WeChat's own types are a mini-program's to bring (miniprogram-api-typings).
declare const wx: any;
