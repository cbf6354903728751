using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>A message type with its manifest, writer and reader.</summary>
internal abstract class MessageKind(string manifest, Type type)
{
    public delegate void Writing<in T>(ref PayloadWriter writer, T message);

    public delegate T Reading<out T>(ref ByteReader content);

    /// <summary>Manifest: the name of the type and the version of its layout.</summary>
    public string Manifest { get; } = manifest;

    public Type Type { get; } = type;

    public static MessageKind Of<T>(string manifest, Writing<T> write, Reading<T> read)
        where T : notnull => new OfType<T>(manifest, write, read);

    public abstract void Write(ref PayloadWriter writer, object message);

    /// <summary>Reads a message. If the bytes are invalid, the reader is failed and the result must be discarded.</summary>
    public abstract object Read(ref ByteReader content);

    private sealed class OfType<T>(string manifest, Writing<T> write, Reading<T> read) : MessageKind(manifest, typeof(T))
        where T : notnull
    {
        public override void Write(ref PayloadWriter writer, object message) => write(ref writer, (T)message);

        public override object Read(ref ByteReader content) => read(ref content);
    }
}
