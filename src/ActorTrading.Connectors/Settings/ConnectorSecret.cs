using ActorTrading.Engine;

namespace ActorTrading.Connectors.Settings;

/// <summary>
/// A password or key of another system. It comes from a file that others cannot read or from an environment variable,
/// never from a setting, and shows itself to nobody.
/// </summary>
public sealed class ConnectorSecret
{
    private readonly string text;

    private ConnectorSecret(string text) => this.text = text;

    /// <summary>
    /// Reads the one that a section names: <c>KEY_file</c>, the file whose first line it is, or <c>KEY_variable</c>, the
    /// environment variable; null where it names none, or one that is not right.
    /// </summary>
    public static ConnectorSecret? Read(ConnectorSection section, string key)
    {
        var (inFile, inVariable) = ($"{key}_file", $"{key}_variable");
        var ofFile = section.Value(inFile, OfFile);
        var ofVariable = section.Value(inVariable, OfVariable);
        if (section.Has(inFile) && section.Has(inVariable)) section.AddError(inVariable, $"it is there beside {inFile}: give one of them");
        return ofFile ?? ofVariable;
    }

    /// <summary>The first line of a file.</summary>
    /// <exception cref="FormatException">There is no such file, others can read it, or it is empty.</exception>
    public static ConnectorSecret OfFile(string path)
    {
        try
        {
            return Of(PrivateFiles.ReadSecretLine(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException(exception.Message);
        }
    }

    /// <summary>The value of an environment variable.</summary>
    /// <exception cref="FormatException">It is not set, or empty.</exception>
    public static ConnectorSecret OfVariable(string name) =>
        Of(Environment.GetEnvironmentVariable(name), $"the environment variable {name}");

    /// <summary>The secret itself, for the client of the other system and nobody else.</summary>
    public string Reveal() => text;

    /// <inheritdoc/>
    public override string ToString() => "(secret)";

    private static ConnectorSecret Of(string? text, string where) =>
        text?.Trim() is { Length: > 0 } secret ? new ConnectorSecret(secret) : throw new FormatException($"{where} holds no secret");
}
