using ActorTrading.Engine.Tests.Journal;

namespace ActorTrading.Engine.Tests;

/// <summary>What a child process of the tests does; the tests themselves are run by `dotnet test`.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not [CrashWriter.Command, var address])
        {
            Console.Error.WriteLine("Run these tests with dotnet test.");
            return 2;
        }
        CrashWriter.Run(address);
        return 0;
    }
}
