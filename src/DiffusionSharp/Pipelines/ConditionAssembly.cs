using System.Numerics.Tensors;
using DiffusionSharp.Prediction;
using DiffusionSharp.Text;

namespace DiffusionSharp;

/// <summary>Turns the prompts, labels and conditions of a request into those of its predictions.</summary>
internal static class ConditionAssembly
{
    public static Conditions Create(PipelineParts parts, ResolvedRequest request, CancellationToken cancellationToken)
    {
        bool guided = parts.Guidance.NeedsUnconditional(request.GuidanceScale);
        Conditioning conditional = request.Request.Conditioning;
        Conditioning? unconditional = guided ? request.Request.NegativeConditioning ?? conditional : null;
        if (request.Request.ClassLabel is { } label)
        {
            conditional = conditional with { ClassLabels = Tensor.Create<long>([label], [1]) };
        }

        if (parts.TextEncoder is not { } encoder)
        {
            RequireNoText(request, guided);
            return new Conditions(conditional.Repeat(request.Seeds.Count), unconditional?.Repeat(request.Seeds.Count), []);
        }

        // A context of the caller's own stands in for the prompt.
        if (conditional.Context is not null)
        {
            return new Conditions(conditional.Repeat(request.Seeds.Count), unconditional?.Repeat(request.Seeds.Count), []);
        }

        string prompt = request.Prompt ?? "";
        TextEncoding encoding = encoder.Encode(guided ? [prompt, request.NegativePrompt] : [prompt], cancellationToken);
        conditional = WithText(conditional, encoding, 0);
        unconditional = unconditional is null ? null : WithText(unconditional, encoding, 1);
        return new Conditions(conditional.Repeat(request.Seeds.Count), unconditional?.Repeat(request.Seeds.Count), Warnings(encoding));
    }

    private static void RequireNoText(ResolvedRequest request, bool guided)
    {
        if (request.Prompt is not null)
        {
            throw new InvalidOperationException($"This pipeline has no text encoder, so it cannot read a prompt: add one with {nameof(DiffusionPipelineBuilder.UseTextEncoder)}, or send a plain {nameof(GenerationRequest)}.");
        }

        if (guided && request.Request.NegativeConditioning is null)
        {
            throw new ArgumentException(
                $"Guidance scale {request.GuidanceScale} needs something to move away from: set {nameof(GenerationRequest.NegativeConditioning)}, or a scale of 1.",
                nameof(GenerationRequest.NegativeConditioning));
        }
    }

    private static Conditioning WithText(Conditioning condition, TextEncoding encoding, int row) => condition with
    {
        Context = encoding.Context.Rows(row, 1),
        Pooled = condition.Pooled ?? encoding.Pooled?.Rows(row, 1),
    };

    private static List<string> Warnings(TextEncoding encoding)
    {
        var warnings = new List<string>();
        foreach (string? dropped in encoding.TruncatedTexts)
        {
            if (dropped is not null)
            {
                warnings.Add($"The prompt is longer than the text encoder reads; its end was left out: \"{dropped}\".");
            }
        }

        return warnings;
    }
}
