using System.Runtime.Serialization;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>A type that no node has a reason to create. Counts its instances, however they are created.</summary>
public sealed class Gadget
{
    private static int made;

    public Gadget() => Interlocked.Increment(ref made);

    public Gadget(SerializationInfo info, StreamingContext context)
    {
        _ = (info, context);
        Interlocked.Increment(ref made);
    }

    /// <summary>The name by which serializers find the type.</summary>
    public static string Name { get; } = $"{typeof(Gadget).FullName}, {typeof(Gadget).Assembly.GetName().Name}";

    public static int Made => Volatile.Read(ref made);
}
