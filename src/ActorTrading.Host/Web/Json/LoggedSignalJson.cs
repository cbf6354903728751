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
        json.WriteStartObject();
        json.WriteNumber("position", logged.Position);
        SignalJson.WriteFields(logged.Signal, json);
        json.WriteEndObject();
    }
}
