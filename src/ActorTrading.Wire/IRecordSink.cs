using ActorTrading.Domain.Records;

namespace ActorTrading.Wire;

/// <summary>
/// Receives the output of a decoder of any format, in the order of the input, one call per record. Called on the decoder's thread. A record
/// is passed by reference: copy it to keep it.
/// </summary>
public interface IRecordSink
{
    /// <summary>A well-formed record, not yet checked by the rules of admission.</summary>
    void OnRecord(in Record record);

    /// <summary>A piece of input that could not be converted to a record.</summary>
    void OnRejected(in RejectedInput input);
}
