using System.Text.Json;

namespace ActorTrading.Lab.Fuzzing;

/// <summary>What came of one target.</summary>
/// <param name="Target">The name of the target.</param>
/// <param name="Inputs">How many inputs it got.</param>
/// <param name="Accepted">Of how many something was accepted: the more, the deeper they reach.</param>
/// <param name="Elapsed">How long that took.</param>
/// <param name="Found">Inputs that broke a promise, one for each promise.</param>
internal sealed record FuzzResult(string Target, long Inputs, long Accepted, TimeSpan Elapsed, IReadOnlyList<FoundInput> Found)
{
    /// <summary>Writes a line, and one for each input found.</summary>
    public void Print(TextWriter text)
    {
        var rate = Inputs / Math.Max(0.001, Elapsed.TotalSeconds);
        var verdict = Found.Count == 0 ? "sound" : $"{Found.Count} BROKEN";
        text.WriteLine(FormattableString.Invariant(
            $"{Target,-18} {Inputs,11:N0} inputs  {Accepted,11:N0} accepted  {rate,9:N0}/s  {verdict}"));
        foreach (var found in Found) text.WriteLine($"    {found.Promise}\n    kept as {found.File}");
    }

    /// <summary>Writes an object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("target", Target);
        json.WriteNumber("inputs", Inputs);
        json.WriteNumber("accepted", Accepted);
        json.WriteNumber("seconds", Math.Round(Elapsed.TotalSeconds, 1));
        json.WriteStartArray("found");
        foreach (var found in Found)
        {
            json.WriteStartObject();
            json.WriteString("promise", found.Promise);
            json.WriteString("file", found.File);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
