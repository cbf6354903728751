using ActorTrading.Cluster.Remoting;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using AkkaSerialization = Akka.Serialization.Serialization;

namespace ActorTrading.Cluster.Serialization;

/// <summary>
/// Replaces a serializer of Akka.NET, with its id. Passes messages with the listed manifests to it, in both directions, and rejects
/// all others before their bytes are read: some of these serializers would create an object of any type that the sender names.
/// Configured by <c>hocon/port.hocon</c>.
/// </summary>
internal sealed class GuardedSerializer : SerializerWithStringManifest
{
    private const string Join = "Akka.Cluster.InternalClusterAction+Join, Akka.Cluster";

    private readonly string name;
    private readonly ClusterPort port;
    private readonly Serializer? guarded;
    private readonly string[] accepted;

    /// <summary>Called by Akka.NET with the section of <c>akka.actor.serialization-settings</c> for this serializer.</summary>
    public GuardedSerializer(ExtendedActorSystem system, Config config)
        : base(system)
    {
        Identifier = config.GetInt("id");
        port = ClusterPort.Of(system);
        name = config.GetString("name");
        accepted = [.. config.GetStringList("accepted")];
        if (config.GetString("guarded") is { Length: > 0 } type)
            guarded = (Serializer)Activator.CreateInstance(Type.GetType(type, throwOnError: true)!, system)!;
    }

    public override int Identifier { get; }

    public override string Manifest(object o)
    {
        var manifest = guarded is null ? o.GetType().Name : AkkaSerialization.ManifestFor(guarded, o);
        Check(manifest);
        return manifest;
    }

    public override byte[] ToBinary(object obj)
    {
        Manifest(obj);
        return guarded!.ToBinary(obj);
    }

    public override object FromBinary(byte[] bytes, string? manifest)
    {
        Check(manifest ?? "");
        if (manifest == Join && port.NamesRoles && port.Roles.FaultOf(bytes) is { } fault)
            throw RefusedMessages.Of(system).Add(name, manifest, fault);
        return guarded is SerializerWithStringManifest inner
            ? inner.FromBinary(bytes, manifest)
            : guarded!.FromBinary(bytes, string.IsNullOrEmpty(manifest) ? null : Type.GetType(manifest, throwOnError: true));
    }

    public override string ToString() => $"{name}: {(accepted.Length == 0 ? "nothing" : accepted.Length)}";

    /// <exception cref="MessageRefusedException">The manifest is not accepted.</exception>
    private void Check(string manifest)
    {
        if (!accepted.Contains(manifest)) throw RefusedMessages.Of(system).Add(name, manifest);
    }
}
