using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>A kind of message between nodes: its manifest, and how its bytes are written and read.</summary>
internal abstract class MessageKind(string manifest, Type type)
{
    public delegate void Writing<in T>(ref PayloadWriter writer, T message);

    public delegate T Reading<out T>(ref ByteReader content);

    /// <summary>The name of the kind and its layout.</summary>
    public string Manifest { get; } = manifest;

    public Type Type { get; } = type;

    public static MessageKind Of<T>(string manifest, Writing<T> write, Reading<T> read)
        where T : notnull => new OfType<T>(manifest, write, read);

    public abstract void Write(ref PayloadWriter writer, object message);

    /// <summary>Where the bytes are no such message, the reader has failed, and what is returned is to be thrown away.</summary>
    public abstract object Read(ref ByteReader content);

    private sealed class OfType<T>(string manifest, Writing<T> write, Reading<T> read) : MessageKind(manifest, typeof(T))
        where T : notnull
    {
        public override void Write(ref PayloadWriter writer, object message) => write(ref writer, (T)message);

        public override object Read(ref ByteReader content) => read(ref content);
    }
}
