using ActorTrading.Host;

return await CommandLine.RunAsync(args);
