using System.CommandLine;
using System.CommandLine.Invocation;
using ActorTrading.Host;

var root = new RootCommand("ActorTrading: signals on live ticks, one pure fold per symbol.");
root.Options.OfType<VersionOption>().Single().Action = new PrintVersion();
return await root.Parse(args).InvokeAsync();

/// <summary>Prints the version and the engines that are built in.</summary>
internal sealed class PrintVersion : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(BuildInfo.Line);
        return 0;
    }
}
