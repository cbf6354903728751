using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Cluster.Messages;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>
/// Codec of the frames between a subscriber and a node, on the cluster port. A frame is one byte with the length of the manifest, the
/// manifest, and a payload sealed like messages between nodes. On the wire a frame is preceded by its length in four bytes (little
/// endian), like frames of Akka.Remote. No frame of Akka.Remote begins like a hello frame.
/// </summary>
internal static class SubscriberFrames
{
    private const string HelloManifest = "s:hello1";

    private static readonly MessageKind[] Kinds =
    [
        MessageKind.Of(HelloManifest, WriteHello, (ref content) => new SubscriberHello(content.Text())),
        MessageKind.Of("s:answer1", WriteAnswer, ReadAnswer),
        MessageKind.Of("s:follow1", WriteFollow, (ref content) => new FollowTopic(content.Number(), content.Text())),
        MessageKind.Of("s:followed1", WriteFollowed, (ref content) => new TopicFollowed(content.Number())),
        MessageKind.Of("s:leave1", WriteLeave, (ref content) => new LeaveTopic(content.Number())),
        MessageKind.Of("s:message1", WriteMessage, ReadMessage),
        MessageKind.Of("s:ask1", WriteAsk, (ref content) => new AskSignals(content.Number(), content.Number())),
        MessageKind.Of("s:page1", WritePage, (ref content) => new SignalsAnswer(content.Number(), content.Sized().ToArray())),
        MessageKind.Of("s:beat1", WriteBeat, (ref content) => new Heartbeat(content.Number())),
    ];

    private static readonly FrozenDictionary<Type, MessageKind> ByType = Kinds.ToFrozenDictionary(kind => kind.Type);
    private static readonly FrozenDictionary<string, MessageKind> ByManifest = Kinds.ToFrozenDictionary(kind => kind.Manifest);
    private static readonly byte[] HelloStart = [(byte)HelloManifest.Length, .. Encoding.ASCII.GetBytes(HelloManifest)];

    /// <summary>Whether a frame is the first one of a subscriber; detected from its first bytes.</summary>
    public static bool IsHello(ReadOnlySpan<byte> frame) => frame.StartsWith(HelloStart);

    /// <summary>Encodes a message as a frame, without the length.</summary>
    public static byte[] Write(object message)
    {
        var kind = ByType[message.GetType()];
        var output = new ArrayBufferWriter<byte>(64);
        output.GetSpan(1)[0] = (byte)kind.Manifest.Length;
        output.Advance(1);
        Encoding.ASCII.GetBytes(kind.Manifest, output);
        var writer = new PayloadWriter(output, kind.Manifest);
        writer.Byte(EventManifests.Version);
        kind.Write(ref writer, message);
        writer.Close();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Decodes a frame without the length; false if it is invalid or of an unknown type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out object? message)
    {
        message = null;
        if (frame.IsEmpty || frame.Length < 1 + frame[0]) return false;
        var manifest = Encoding.ASCII.GetString(frame.Slice(1, frame[0]));
        if (!ByManifest.TryGetValue(manifest, out var kind)) return false;
        if (!PayloadSeal.TryOpen(manifest, frame[(1 + frame[0])..], out var content, out _)) return false;
        var read = kind.Read(ref content);
        if (content.Failed || content.Remaining > 0) return false;
        message = read;
        return true;
    }

    private static void WriteHello(ref PayloadWriter writer, SubscriberHello hello) => writer.Text(hello.Cluster);

    private static void WriteFollowed(ref PayloadWriter writer, TopicFollowed followed) => writer.Number(followed.Id);

    private static void WriteLeave(ref PayloadWriter writer, LeaveTopic leave) => writer.Number(leave.Id);

    private static void WriteBeat(ref PayloadWriter writer, Heartbeat beat) => writer.Number(beat.Taken);

    private static TopicMessage ReadMessage(ref ByteReader content) => new(content.Number(), content.Name(), content.Sized().ToArray());

    private static void WriteAnswer(ref PayloadWriter writer, SubscriberAnswer answer)
    {
        writer.Text(answer.Error);
        writer.Number(answer.Gateways.Count);
        foreach (var gateway in answer.Gateways) writer.Text(gateway);
    }

    private static SubscriberAnswer ReadAnswer(ref ByteReader content)
    {
        var refusal = content.Text();
        var gateways = new string[content.Count(1)];
        for (var i = 0; i < gateways.Length; i++) gateways[i] = content.Text();
        return new SubscriberAnswer(refusal, gateways);
    }

    private static void WriteFollow(ref PayloadWriter writer, FollowTopic follow)
    {
        writer.Number(follow.Id);
        writer.Text(follow.Topic);
    }

    private static void WriteMessage(ref PayloadWriter writer, TopicMessage message)
    {
        writer.Number(message.Id);
        writer.Name(message.Manifest);
        writer.Sized(message.Bytes);
    }

    private static void WriteAsk(ref PayloadWriter writer, AskSignals ask)
    {
        writer.Number(ask.Id);
        writer.Number(ask.Position);
    }

    private static void WritePage(ref PayloadWriter writer, SignalsAnswer answer)
    {
        writer.Number(answer.Id);
        writer.Sized(answer.Page);
    }
}
