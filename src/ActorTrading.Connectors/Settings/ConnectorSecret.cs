using ActorTrading.Engine;

namespace ActorTrading.Connectors.Settings;

/// <summary>
/// A password or key of another system. Read from a file that others cannot read or from an environment variable, never from a setting.
/// <c>ToString</c> does not show it.
/// </summary>
public sealed class ConnectorSecret
{
    private readonly string text;

    private ConnectorSecret(string text) => this.text = text;

    /// <summary>
    /// Reads the secret that a section refers to: <c>KEY_file</c>, a file whose first line is the secret, or <c>KEY_variable</c>, an
    /// environment variable. Null if there is no reference or it is not valid.
    /// </summary>
    public static ConnectorSecret? Read(ConnectorSection section, string key)
    {
        var (inFile, inVariable) = ($"{key}_file", $"{key}_variable");
        var ofFile = section.Value(inFile, OfFile);
        var ofVariable = section.Value(inVariable, OfVariable);
        if (section.Has(inFile) && section.Has(inVariable)) section.AddError(inVariable, $"it is set beside {inFile}: set one of them");
        return ofFile ?? ofVariable;
    }

    /// <summary>Reads the first line of a file.</summary>
    /// <exception cref="FormatException">The file does not exist, others can read it, or it is empty.</exception>
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

    /// <summary>Reads an environment variable.</summary>
    /// <exception cref="FormatException">The variable is not set, or empty.</exception>
    public static ConnectorSecret OfVariable(string name) =>
        Of(Environment.GetEnvironmentVariable(name), $"the environment variable {name}");

    /// <summary>The secret itself, for the client of the other system only.</summary>
    public string Reveal() => text;

    /// <inheritdoc/>
    public override string ToString() => "(secret)";

    private static ConnectorSecret Of(string? text, string where) =>
        text?.Trim() is { Length: > 0 } secret ? new ConnectorSecret(secret) : throw new FormatException($"{where} holds no secret");
}
