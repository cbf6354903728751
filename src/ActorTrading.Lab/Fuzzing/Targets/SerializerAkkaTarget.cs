using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using ActorTrading.Cluster.Hosting;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Akka.Serialization;
using AkkaSerialization = Akka.Serialization.Serialization;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>
/// All other messages that a node reads from its cluster port, through the guarding serializers. Format: serializer id, space, manifest,
/// line end, bytes. Property: only objects of Akka.NET's own types, texts and numbers are created, and none of the types excluded from the
/// list.
/// </summary>
internal sealed class SerializerAkkaTarget : FuzzTarget
{
    public const string Called = "serializer-akka";

    private const string Quiet =
        "akka { stdout-loglevel = OFF, loglevel = OFF, loggers = [], actor.provider = cluster } "
        + "akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }";

    private static readonly string[] Strangers = ["", "A", "System.Object", "System.Diagnostics.Process, System.Diagnostics.Process",
        "Akka.Actor.PoisonPill, Akka", "PP", "K", "STF"];

    private static readonly Type[] Refused = [typeof(PoisonPill), typeof(Kill), typeof(Exception), typeof(Status.Failure)];

    private readonly ActorSystem system;
    private readonly AkkaSerialization serialization;

    public SerializerAkkaTarget()
    {
        var config = ConfigurationFactory.ParseString(ClusterNodeBuilder.Settings("port"))
            .WithFallback(ConfigurationFactory.ParseString(Quiet))
            .WithFallback(ClusterSharding.DefaultConfig()).WithFallback(ClusterSingleton.DefaultConfig())
            .WithFallback(DistributedPubSub.DefaultConfig()).WithFallback(DistributedData.DefaultConfig());
        system = ActorSystem.Create("fuzz-port", config);
        serialization = system.Serialization;
        Seeds = [.. MakeSeeds()];
    }

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; }

    protected override int AllocatedPerByte => 20_000; // Akka.NET allocates an object per element of an actor selection

    public override byte[] Finish(byte[] input, Random random)
    {
        // Half of the inputs keep their head and get bytes that are at least valid protobuf.
        var end = Array.IndexOf(input, (byte)'\n');
        if (end < 0 || random.Next(2) == 0) return input;
        var message = new List<byte>();
        Protobuf(message, random, depth: 0);
        return [.. input[..(end + 1)], .. message];
    }

    public override bool Take(byte[] input, Random random)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        if (end < 0) return false;
        var head = Encoding.Latin1.GetString(input, 0, end).Split(' ', 2);
        if (!int.TryParse(head[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)) return false;
        var manifest = head.Length > 1 ? head[1] : "";
        object? message;
        try
        {
            message = Measured(input.Length, () => serialization.Deserialize(input[(end + 1)..], id, manifest));
        }
        catch (FuzzFault)
        {
            throw;
        }
        catch (Exception refusal) when (
            refusal is not (OutOfMemoryException or InsufficientExecutionStackException or AccessViolationException))
        {
            return false; // Akka.NET drops and logs the message
        }

        FuzzFault.Unless(message is null || IsHarmless(message.GetType()),
            $"no object of the type {message?.GetType().FullName} is made for serializer {id}, manifest '{manifest}'");
        return true;
    }

    public override void Dispose() => system.Terminate().Wait();

    private static bool IsHarmless(Type type) =>
        (type.IsPrimitive || type == typeof(string) || type.Assembly.GetName().Name!.StartsWith("Akka", StringComparison.Ordinal))
        && !Array.Exists(Refused, refused => refused.IsAssignableFrom(type));

    /// <summary>Every serializer with every manifest that it knows or that the guard accepts, and some invalid ones.</summary>
    private IEnumerable<byte[]> MakeSeeds()
    {
        foreach (var (id, serializer) in Serializers())
        {
            var known = KnownManifests(serializer).ToList();
            foreach (var manifest in known.Concat(Strangers).Distinct())
                yield return [.. Encoding.ASCII.GetBytes($"{id} {manifest}\n"), 0x0A, 0x03, 0x0A, 0x01, 0x41];
        }

        object[] messages =
        [
            new Identify("a"), new ActorIdentity(7L, null), new ActorSelectionMessage(
                "text", [new SelectChildName("user"), new SelectChildPattern("*"), SelectParent.Instance]), "text", 7, 7L,
            new Publish("topic", "text"), new Send("/user/a", "text"), GSet<string>.Empty.Add("a"), ORSet<string>.Empty, GCounter.Empty,
                Flag.False,
        ];
        foreach (var message in messages)
        {
            var serializer = serialization.FindSerializerFor(message);
            byte[] bytes;
            try
            {
                bytes = serializer.ToBinary(message);
            }
            catch (SerializationException)
            {
                continue; // nodes do not send this one
            }

            yield return [.. Encoding.ASCII.GetBytes($"{serializer.Identifier} {AkkaSerialization.ManifestFor(serializer, message)}\n"),
                .. bytes];
        }
    }

    /// <summary>Gets the serializers by reflection, because Akka.NET does not expose them.</summary>
    private Dictionary<int, Serializer> Serializers() =>
        (Dictionary<int, Serializer>)typeof(AkkaSerialization).GetField(
            "_serializersById", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(serialization)!;

    /// <summary>The manifests of a serializer, from its constants; for a guard, those that it accepts.</summary>
    private static IEnumerable<string> KnownManifests(Serializer serializer)
    {
        const BindingFlags Own = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var type = serializer.GetType();
        if (type.GetField("accepted", Own)?.GetValue(serializer) is string[] accepted)
        {
            foreach (var manifest in accepted) yield return manifest;
        }

        foreach (var constant in type.GetFields(Own).Where(
            field => field.FieldType == typeof(string) && field.Name.Contains("Manifest", StringComparison.OrdinalIgnoreCase)))
        {
            if (constant.GetValue(constant.IsStatic ? null : serializer) is string manifest) yield return manifest;
        }
    }

    /// <summary>Appends fields with the numbers that messages use, containing numbers, texts and nested messages.</summary>
    private static void Protobuf(List<byte> bytes, Random random, int depth)
    {
        for (var fields = random.Next(1, 5); fields > 0; fields--)
        {
            var number = random.Next(1, 9);
            if (random.Next(3) == 0)
            {
                bytes.Add((byte)(number << 3));
                bytes.Add((byte)random.Next(128));
                continue;
            }

            var content = new List<byte>();
            if (depth < 4 && random.Next(2) == 0) Protobuf(content, random, depth + 1);
            else content.AddRange(Encoding.ASCII.GetBytes(Strangers[random.Next(Strangers.Length)]));
            if (content.Count > 127) content.RemoveRange(127, content.Count - 127);
            bytes.Add((byte)((number << 3) | 2));
            bytes.Add((byte)content.Count);
            bytes.AddRange(content);
        }
    }
}
