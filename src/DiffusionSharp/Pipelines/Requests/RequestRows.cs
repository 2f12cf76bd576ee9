using System.Numerics.Tensors;
using DiffusionSharp.Conditions;

namespace DiffusionSharp;

/// <summary>Every part of a request is for all pictures, or has a row for each.</summary>
internal static class RequestRows
{
    /// <summary>Throws where a part has another number of rows.</summary>
    public static void Check(GenerationRequest request)
    {
        int count = request.Count;
        RequireCount(nameof(request.GuidanceScales), request.GuidanceScales?.Count, count);
        RequireCount(nameof(request.ClassLabels), request.ClassLabels?.Count, count);
        ArgumentNullException.ThrowIfNull(request.Parts, nameof(request.Parts));
        if (request.Parts.Contains(null!))
        {
            throw new ArgumentException("A part of the request is null.", nameof(request.Parts));
        }

        if (request.Parts.GroupBy(part => part.GetType()).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The request has more than one part of the type {twice.Key.Name}: which one is meant?", nameof(request.Parts));
        }

        ArgumentNullException.ThrowIfNull(request.Conditioning, nameof(request.Conditioning));
        RequireRows(nameof(request.Conditioning), request.Conditioning, count);
        RequireRows(nameof(request.NegativeConditioning), request.NegativeConditioning ?? Conditioning.None, count);
        if (request is TextToImageRequest text)
        {
            RequirePrompts(text);
        }
    }

    /// <summary>The request of one picture of a batch.</summary>
    public static GenerationRequest Single(GenerationRequest request, int index, long seed)
    {
        GenerationRequest single = request with
        {
            Count = 1,
            Seed = seed,
            Seeds = null,
            GuidanceScale = request.GuidanceScales?[index] ?? request.GuidanceScale,
            GuidanceScales = null,
            ClassLabel = request.ClassLabels?[index] ?? request.ClassLabel,
            ClassLabels = null,
            Conditioning = Row(request.Conditioning, index),
            NegativeConditioning = request.NegativeConditioning is { } negative ? Row(negative, index) : null,
            InitialImage = Row(request.InitialImage, index),
            InitialLatents = Row(request.InitialLatents, index),
            Mask = Row(request.Mask, index),
            Parts = request.Parts.Count == 0 ? request.Parts : [.. request.Parts.Select(part => part.Of(index))],
        };
        return single is not TextToImageRequest text ? single : text with
        {
            Prompt = text.Prompts?[index] ?? text.Prompt,
            Prompts = null,
            NegativePrompt = text.NegativePrompts?[index] ?? text.NegativePrompt,
            NegativePrompts = null,
        };
    }

    private static void RequirePrompts(TextToImageRequest text)
    {
        RequireCount(nameof(text.Prompts), text.Prompts?.Count, text.Count);
        RequireCount(nameof(text.NegativePrompts), text.NegativePrompts?.Count, text.Count);
        ArgumentNullException.ThrowIfNull(text.Prompt, nameof(text.Prompt));
        if ((text.Prompts ?? [text.Prompt]).Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException($"The prompt is blank. Say what to draw, or use a plain {nameof(GenerationRequest)} for an unconditional picture.", nameof(text.Prompt));
        }

        if (text.NegativePrompts?.Contains(null!) == true)
        {
            throw new ArgumentException("A negative prompt is null: an empty one says nothing.", nameof(text.NegativePrompts));
        }
    }

    private static void RequireCount(string name, int? found, int count)
    {
        if (found is { } rows && rows != count)
        {
            throw new ArgumentException($"There are {rows} of {name} for {count} pictures.", name);
        }
    }

    private static void RequireRows(string name, Conditioning conditioning, int count)
    {
        foreach (ConditionPart part in conditioning.Parts)
        {
            if (part.Rows != 1 && part.Rows != count)
            {
                throw new ArgumentException($"The part '{part.Name}' has the shape {part.Values.ShapeText()}, but the request is for {count} pictures: its first dimension must be 1{(count == 1 ? "" : $" or {count}")}.", name);
            }
        }
    }

    private static Conditioning Row(Conditioning conditioning, int index) =>
        conditioning.Parts.All(part => part.Rows == 1) ? conditioning : conditioning.Rows(index, 1);

    private static Tensor<float>? Row(Tensor<float>? tensor, int index) => tensor?.RowOf(index);
}
