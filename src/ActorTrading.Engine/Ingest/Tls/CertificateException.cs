namespace ActorTrading.Engine.Ingest.Tls;

/// <summary>A certificate, its key or the certificate authorities cannot be read; the message names the file.</summary>
public sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
