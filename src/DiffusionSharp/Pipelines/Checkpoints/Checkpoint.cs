using DiffusionSharp.Conditions;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Serialization;

namespace DiffusionSharp;

/// <summary>A generation that stopped between two steps: what it began with, and where it stands.</summary>
/// <param name="Origin">What the pipeline has to have in common with the one that wrote it.</param>
/// <param name="Request">The request, with every default filled in.</param>
/// <param name="Known">What of the sample is known; null without a mask.</param>
/// <param name="Drawn">What encoders drew noise for.</param>
/// <param name="Cascade">The cascade that this is a stage of; null for a pipeline alone.</param>
/// <param name="Step">Where the generation stands, for <see cref="DenoisingLoop.Restore"/>.</param>
internal sealed record Checkpoint(string Origin, GenerationRequest Request, KnownRegion? Known, IReadOnlyDictionary<int, IReadOnlyList<AddedPart>> Drawn, CascadeCheckpoint? Cascade, byte[] Step)
{
    /// <summary>The front block of a generation.</summary>
    public static byte[] Front(string origin, GenerationRequest request, KnownRegion? known, IReadOnlyDictionary<int, IReadOnlyList<AddedPart>> drawn, CascadeCheckpoint? cascade, GenerationRequestJson json)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(origin);
        writer.WriteRequest(request, json);
        writer.Write(known is not null);
        if (known is not null)
        {
            WriteFloats(writer, known.Original.Span);
            WriteFloats(writer, known.Mask.Span);
            WriteFloats(writer, known.Noise.Span);
        }

        DrawnParts.Write(writer, drawn);
        writer.Write(cascade is not null);
        cascade?.Write(writer, json);
        return CheckpointFile.Front(stream.ToArray());
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="CheckpointException">It is torn, none at all, of another version, or its request cannot be read.</exception>
    public static Checkpoint Read(Stream stream, GenerationRequestJson json)
    {
        (byte[] front, byte[] step) = CheckpointFile.Read(stream);
        using var reader = new BinaryReader(new MemoryStream(front));
        try
        {
            string origin = reader.ReadString();
            GenerationRequest request = reader.ReadRequest(json);
            KnownRegion? known = reader.ReadBoolean() ? new KnownRegion(ReadFloats(reader), ReadFloats(reader), ReadFloats(reader)) : null;
            Dictionary<int, IReadOnlyList<AddedPart>> drawn = DrawnParts.Read(reader);
            CascadeCheckpoint? cascade = reader.ReadBoolean() ? CascadeCheckpoint.Read(reader, json) : null;
            return new Checkpoint(origin, request, known, drawn, cascade, step);
        }
        catch (Exception error) when (error is not CheckpointException and not OutOfMemoryException)
        {
            throw new CheckpointException($"The request in the checkpoint cannot be read: {error.Message}", error);
        }
    }

    private static void WriteFloats(BinaryWriter writer, ReadOnlySpan<float> values)
    {
        writer.Write(values.Length);
        writer.WriteAll(values);
    }

    private static float[] ReadFloats(BinaryReader reader)
    {
        var values = new float[reader.ReadInt32()];
        reader.ReadAll(values);
        return values;
    }
}
