using System.Diagnostics;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.Tests.Journal;

/// <summary>
/// A process that commits endlessly and prints the number of each completed commit, until it is killed. Commit n contains event n of each
/// of its symbols, of a length that depends on n, and sometimes a snapshot of all of them.
/// </summary>
internal sealed class CrashWriter : IDisposable
{
    public const string Command = "commit-until-killed";
    public const int Symbols = 7;

    private readonly Process process;

    public CrashWriter(string address)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in (string[])["exec", typeof(CrashWriter).Assembly.Location, Command, address])
            start.ArgumentList.Add(argument);
        process = Process.Start(start)!;
    }

    public static string Name(int symbol) => $"symbol-{symbol}";

    public static bool HasSnapshot(long number) => number % 16 == 0;

    public static byte[] Payload(int symbol, long number)
    {
        var payload = new byte[(number * 131 + symbol * 977) % 6000];
        new Random((int)number * Symbols + symbol).NextBytes(payload);
        return payload;
    }

    public static JournalEntry[] Entries(long number, string manifest) =>
        [.. Enumerable.Range(0, Symbols).Select(symbol => new JournalEntry(Name(symbol), number, manifest, Payload(symbol, number)))];

    public static void Run(string address)
    {
        using var store = JournalStore.Open(address);
        for (long number = store.HighestSequenceNumber(Name(0)) + 1; ; number++)
        {
            store.Commit(Entries(number, "ra1"), HasSnapshot(number) ? Entries(number, "ss1") : []);
            Console.Out.WriteLine(number);
            Console.Out.Flush();
        }
    }

    /// <summary>Lets it make a number of commits, kills it at once, and returns the last number that it printed.</summary>
    public long KillAfter(int commits)
    {
        long last = 0;
        for (int i = 0; i < commits; i++) last = Next() ?? throw new InvalidOperationException(process.StandardError.ReadToEnd());
        process.Kill(); // SIGKILL
        while (Next() is { } more) last = more;
        process.WaitForExit();
        return last;

        // The kill cut off a last line without an end: its number is incomplete.
        long? Next() => process.StandardOutput.ReadLine() is { Length: > 0 } line && long.TryParse(line, out long number) && number > last
            ? number
            : null;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
