using System.Buffers;
using System.Text.Json;
using ActorTrading.Engine;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Json;

/// <summary>A signal with its place in the log as one object: <c>position</c>, then what <see cref="SignalJson"/> has.</summary>
internal static class LoggedSignalJson
{
    /// <summary>Writes the object as a value.</summary>
    public static void Write(Utf8JsonWriter json, LoggedSignal logged)
    {
        var signal = new ArrayBufferWriter<byte>(1024);
        signal.Write("{\"position\":"u8);
        signal.Advance(WritePosition(logged.Position, signal.GetSpan(20)));
        var comma = signal.WrittenCount;
        SignalJson.Write(logged.Signal, signal);
        var whole = signal.WrittenSpan.ToArray();
        whole[comma] = (byte)','; // where the brace of the signal was
        json.WriteRawValue(whole, skipInputValidation: true);
    }

    private static int WritePosition(long position, Span<byte> to)
    {
        position.TryFormat(to, out var written);
        return written;
    }
}
