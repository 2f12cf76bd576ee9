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
        if (request.Request.ClassLabel is { } label)
        {
            conditional = conditional with { ClassLabels = Tensor.Create<long>([label], [1]) };
        }

        Conditioning? unconditional = guided ? request.Request.NegativeConditioning : null;
        IReadOnlyList<string> warnings = [];
        if (parts.TextEncoder is { } encoder)
        {
            unconditional ??= guided ? WithoutText(conditional) : null;
            warnings = AddText(encoder, request, ref conditional, ref unconditional, cancellationToken);
        }
        else
        {
            RequireNoText(request, guided);
        }

        return new Conditions(conditional.Repeat(request.Seeds.Count), unconditional?.Repeat(request.Seeds.Count), warnings);
    }

    // A context of the caller's own stands in for a prompt.
    private static List<string> AddText(ITextEncoder encoder, ResolvedRequest request, ref Conditioning conditional, ref Conditioning? unconditional, CancellationToken cancellationToken)
    {
        var prompts = new List<string>();
        if (conditional.Context is null)
        {
            prompts.Add(request.Prompt ?? "");
        }

        if (unconditional is { Context: null })
        {
            prompts.Add(request.NegativePrompt);
        }

        if (prompts.Count == 0)
        {
            return [];
        }

        TextEncoding encoding = encoder.Encode(prompts, cancellationToken);
        _ = Finite.Require(encoding.Context, Finite.TextEncoder);
        if (encoding.Pooled is { } pooled)
        {
            _ = Finite.Require(pooled, Finite.TextEncoder);
        }

        if (unconditional is { Context: null })
        {
            unconditional = WithText(unconditional, encoding, prompts.Count - 1);
        }

        bool hasPrompt = conditional.Context is null;
        if (hasPrompt)
        {
            conditional = WithText(conditional, encoding, 0);
        }

        return Warnings(encoding, hasPrompt);
    }

    // A pooled vector beside a context of the caller's own belongs to it; beside a prompt it is a condition like the others.
    private static Conditioning WithoutText(Conditioning condition) =>
        condition with { Context = null, Pooled = condition.Context is null ? condition.Pooled : null };

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

    private static List<string> Warnings(TextEncoding encoding, bool hasPrompt)
    {
        var warnings = new List<string>();
        for (int i = 0; i < encoding.TruncatedTexts.Count; i++)
        {
            if (encoding.TruncatedTexts[i] is { } dropped)
            {
                warnings.Add($"The {(i == 0 && hasPrompt ? "prompt" : "negative prompt")} is longer than the text encoder reads; its end was left out: \"{dropped}\".");
            }
        }

        return warnings;
    }
}
