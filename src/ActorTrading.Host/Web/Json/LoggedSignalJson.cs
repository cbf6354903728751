using System.Text.Json;
using ActorTrading.Engine;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes a logged signal as one object: <c>position</c>, then the members of <see cref="SignalJson"/>.</summary>
internal static class LoggedSignalJson
{
    /// <summary>Writes the object as a JSON value.</summary>
    public static void Write(Utf8JsonWriter json, LoggedSignal logged)
    {
        json.WriteStartObject();
        json.WriteNumber("position", logged.Position);
        SignalJson.WriteFields(logged.Signal, json);
        json.WriteEndObject();
    }
}
