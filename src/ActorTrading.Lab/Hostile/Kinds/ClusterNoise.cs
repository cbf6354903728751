using System.Buffers.Binary;
using ActorTrading.Lab.Fuzzing;

namespace ActorTrading.Lab.Hostile.Kinds;

/// <summary>Hostile kind: random frames at the cluster port, and the start of an invalid handshake.</summary>
internal sealed class ClusterNoise : HostileKind
{
    public override string Name => "cluster-noise";

    public override string What => "frames of nonsense, lengths of gigabytes and TLS at the port for nodes";

    public override Task RunAsync(Victim victim, KindTally tally, CancellationToken cancellation)
    {
        if (victim.Nodes is not { } nodes) return Task.CompletedTask;
        return AgainAsync(2, TimeSpan.FromMilliseconds(100), tally, random => HostileSocket.TellAsync(
            nodes, Bytes(random), tally, cancellation), cancellation);
    }

    private static byte[] Bytes(Random random)
    {
        var noise = new Mutator(random).Noise(2_000);
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, random.Next(4) switch { 0 => -1, 1 => int.MaxValue, _ => noise.Length });
        return random.Next(4) == 0 ? [.. HalfTls.ClientHello] : [.. length, .. noise];
    }
}
