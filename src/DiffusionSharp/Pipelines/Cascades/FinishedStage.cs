using System.Numerics.Tensors;
using DiffusionSharp.Serialization;

namespace DiffusionSharp;

/// <summary>The result of a stage, as bytes.</summary>
internal sealed record FinishedStage(GenerationRequest Request, Tensor<float> Latents, IReadOnlyList<Tensor<float>> Pictures, GenerationTimings Timings, IReadOnlyList<string> Warnings)
{
    public static FinishedStage Of(GenerationResult result) =>
        new(result.Request, result.Latents, [.. result.Images.Select(image => image.Pixels)], result.Timings, result.Warnings);

    public static FinishedStage Read(BinaryReader reader, GenerationRequestJson json)
    {
        GenerationRequest request = reader.ReadRequest(json);
        Tensor<float> latents = reader.ReadTensor();
        var pictures = new Tensor<float>[reader.ReadInt32()];
        for (int i = 0; i < pictures.Length; i++)
        {
            pictures[i] = reader.ReadTensor();
        }

        var timings = new GenerationTimings(ReadTime(reader), ReadTime(reader), ReadTime(reader), reader.ReadInt32(), reader.ReadInt32());
        var warnings = new string[reader.ReadInt32()];
        for (int i = 0; i < warnings.Length; i++)
        {
            warnings[i] = reader.ReadString();
        }

        return new FinishedStage(request, latents, pictures, timings, warnings);
    }

    public void Write(BinaryWriter writer, GenerationRequestJson json)
    {
        writer.WriteRequest(Request, json);
        writer.WriteTensor(Latents);
        writer.Write(Pictures.Count);
        foreach (Tensor<float> picture in Pictures)
        {
            writer.WriteTensor(picture);
        }

        foreach (TimeSpan time in (ReadOnlySpan<TimeSpan>)[Timings.Encoding, Timings.Denoising, Timings.Decoding])
        {
            writer.Write(time.Ticks);
        }

        writer.Write(Timings.Steps);
        writer.Write(Timings.EvaluationsPerImage);
        writer.Write(Warnings.Count);
        foreach (string warning in Warnings)
        {
            writer.Write(warning);
        }
    }

    /// <summary>The result again.</summary>
    public GenerationResult Result(ResolvedRequest resolved) =>
        new([.. Pictures.Select((picture, i) => new GeneratedImage(picture, resolved.Single(i)))], Latents, Request, Timings, Warnings);

    private static TimeSpan ReadTime(BinaryReader reader) => new(reader.ReadInt64());
}
