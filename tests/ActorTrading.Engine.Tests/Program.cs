using System.Globalization;
using ActorTrading.Engine.Tests.Ingest;
using ActorTrading.Engine.Tests.Journal;

namespace ActorTrading.Engine.Tests;

/// <summary>The work of a child process of the tests; `dotnet test` runs the tests themselves.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            case [CrashWriter.Command, var address]:
                CrashWriter.Run(address);
                return 0;
            case [IdleClients.Command, var port, var count]:
                IdleClients.Run(int.Parse(port, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture));
                return 0;
            default:
                Console.Error.WriteLine("Run these tests with dotnet test.");
                return 2;
        }
    }
}
