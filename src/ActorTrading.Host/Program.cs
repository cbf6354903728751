using System.CommandLine;

var root = new RootCommand("ActorTrading: signals on live ticks, one pure fold per symbol.");
return await root.Parse(args).InvokeAsync();
