using System.IO.Compression;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: compressed bodies that decompress to gigabytes.</summary>
internal sealed class ZipBombs : HostileKind
{
    private const int Megabytes = 500;

    private static readonly Lazy<byte[]> Zeros = new(() => Bomb(0));
    private static readonly Lazy<byte[]> Blanks = new(() => Bomb((byte)' '));

    public override string Name => "zip-bombs";

    public override string What => $"packed bodies of half a megabyte that unpack to {Megabytes} MB";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation) =>
        AgainAsync(1, TimeSpan.FromSeconds(1), tally, random => SendAsync(victim, tally, random, cancellation), cancellation);

    private static Task SendAsync(Victim victim, KindTally tally, Random random, CancellationToken cancellation)
    {
        var body = random.Next(2) == 0 ? Zeros.Value : Blanks.Value;
        var request = HttpText.Request("POST", "/ingest", Victim.HostileToken, ["Content-Encoding: gzip"], body);
        return HostileSocket.TellAsync(victim.Http, request, tally, cancellation, isDone: false);
    }

    private static byte[] Bomb(byte filling)
    {
        var block = new byte[1 << 20];
        Array.Fill(block, filling);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            for (var i = 0; i < Megabytes; i++) gzip.Write(block);
        }

        return packed.ToArray();
    }
}
