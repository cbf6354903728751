using System.Text.Json;

namespace ActorTrading.Lab.Fuzzing;

/// <summary>The result of one target.</summary>
/// <param name="Target">The name of the target.</param>
/// <param name="Inputs">Number of inputs.</param>
/// <param name="Accepted">Number of inputs of which something was accepted. The more, the deeper the inputs reach.</param>
/// <param name="Elapsed">The duration.</param>
/// <param name="Found">Inputs that violated a property, one per property.</param>
internal sealed record FuzzResult(string Target, long Inputs, long Accepted, TimeSpan Elapsed, IReadOnlyList<FoundInput> Found)
{
    /// <summary>Prints a line, and one for each input found.</summary>
    public void Print(TextWriter text)
    {
        var rate = Inputs / Math.Max(0.001, Elapsed.TotalSeconds);
        var verdict = Found.Count == 0 ? "sound" : $"{Found.Count} BROKEN";
        text.WriteLine(FormattableString.Invariant(
            $"{Target,-18} {Inputs,11:N0} inputs  {Accepted,11:N0} accepted  {rate,9:N0}/s  {verdict}"));
        foreach (var found in Found) text.WriteLine($"    {found.Promise}\n    kept as {found.File}");
    }

    /// <summary>Writes the members of a JSON object.</summary>
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
