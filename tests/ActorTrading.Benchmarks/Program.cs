using ActorTrading.Benchmarks.Engines;
using BenchmarkDotNet.Running;

if (args is ["engines", ..]) return await EnginesCommand.RunAsync(args[1..]);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
