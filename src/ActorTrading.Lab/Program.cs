using ActorTrading.Lab;

return await LabCommandLine.RunAsync(args);
