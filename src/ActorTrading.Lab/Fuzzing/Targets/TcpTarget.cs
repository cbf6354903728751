using System.Text;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Access;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>
/// The TCP protocol of both engines without its socket: bytes to records and replies, with and without access rules. Properties: records,
/// rejections and responses do not depend on how the bytes are split and in which order batches become durable; acks never decrease and
/// cover all processed records.
/// </summary>
internal sealed class TcpTarget : FuzzTarget
{
    public const string Called = "tcp";

    private const string Token = "a-token-of-the-laboratory-0123456789";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrading-fuzz-");
    private readonly AccessRules rules;

    public TcpTarget()
    {
        var path = Path.Combine(folder.FullName, "rules.json");
        File.WriteAllText(path, $$"""{"tokens":[{"name":"feed","token":"{{Token}}","sources":["feed*","made"],"symbols":["AAPL"]}]}""");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        rules = AccessRules.Load(path);
    }

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. MakeSeeds()];

    public override bool Take(byte[] input, Random random)
    {
        var options = new IngestOptions
        {
            Access = random.Next(2) == 0 ? rules : null, MaxLine = random.Next(4) == 0 ? 200 : 65_536, MaxSources = 3,
        };
        var whole = Measured(input.Length, () => Talk(options, input, null));
        var pieces = Talk(options, input, random);
        whole.Taken.MustBe(pieces.Taken, "a stream in pieces is what it is as a whole");
        FuzzFault.Unless(whole.Answers.SequenceEqual(pieces.Answers), "a stream in pieces gets the answers that it gets as a whole");
        FuzzFault.Unless(
            (whole.Handled, whole.Acked, whole.Error?.Code) == (pieces.Handled, pieces.Acked, pieces.Error?.Code),
                "a stream in pieces is acknowledged as it is as a whole");
        return whole.Taken.Records.Count > 0;
    }

    public override void Dispose()
    {
        rules.Dispose();
        folder.Delete(recursive: true);
    }

    private static TcpTalk Talk(IngestOptions options, byte[] input, Random? random)
    {
        var talk = new TcpTalk(options, random);
        for (var at = 0; at < input.Length && talk.GoesOn;)
        {
            var length = random is null ? input.Length : Math.Min(random.Next(1, 64), input.Length - at);
            talk.Feed(input.AsSpan(at, length));
            at += length;
        }

        talk.End();
        return talk;
    }

    private static IEnumerable<byte[]> MakeSeeds()
    {
        string[] hellos =
        [
            """{"hello":"feed-1","epoch":1}""", $$"""{"hello":"made","epoch":0,"token":"{{Token}}"}""",
            """{"hello":"feed-1","time_unit":"ms","token":"x"}""", "\n\n",
            "GET /ingest HTTP/1.1\r\nHost: x\r\n\r", "",
        ];
        byte[][] bodies =
        [
            .. SampleRecords.Texts(), .. SampleRecords.Binaries(), Encoding.UTF8.GetBytes(new string('[', 30_000)),
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 8_000))),
        ];
        for (var i = 0; i < bodies.Length; i++)
        {
            var hello = hellos[i % hellos.Length];
            yield return [.. Encoding.UTF8.GetBytes(hello), .. hello.Length > 0 ? "\n"u8 : default, .. bodies[i]];
        }
    }
}
