using DiffusionSharp.Conditions;
using DiffusionSharp.Text;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>The arguments of genuine pipelines that are parts of a request here.</summary>
internal static class CaseParts
{
    public static IReadOnlyList<IRequestPart> Of(Case reference) => [.. All(reference).OfType<IRequestPart>()];

    private static IEnumerable<IRequestPart?> All(Case reference)
    {
        yield return Any(reference, "clip_skip", "max_sequence_length")
            ? new TextEncodingOptions { ClipSkip = reference.WholeNumber("clip_skip") ?? 0, MaxLength = reference.WholeNumber("max_sequence_length") }
            : null;
        yield return Any(reference, "prompt_2", "prompt_3", "negative_2", "negative_3")
            ? new EncoderPrompts { Second = reference.Text("prompt_2"), Third = reference.Text("prompt_3"), NegativeSecond = reference.Text("negative_2"), NegativeThird = reference.Text("negative_3") }
            : null;
        yield return Any(reference, "original_size", "target_size", "crops_coords_top_left") ? Sizes(reference, "") with { Negative = Negative(reference) } : null;
        yield return Any(reference, "aesthetic_score", "negative_aesthetic_score")
            ? new AestheticScores((float)(reference.Number("aesthetic_score") ?? 6), (float)(reference.Number("negative_aesthetic_score") ?? 2.5))
            : null;
        yield return reference.Has("use_resolution_binning") ? new ResolutionBinning(reference.Request.GetProperty("use_resolution_binning").GetBoolean()) : null;
    }

    private static PictureSizes? Negative(Case reference) => Any(reference, "negative_original_size", "negative_target_size") ? Sizes(reference, "negative_") : null;

    private static PictureSizes Sizes(Case reference, string prefix)
    {
        IReadOnlyList<long>? original = reference.WholeNumbers(prefix + "original_size");
        IReadOnlyList<long>? crop = reference.WholeNumbers(prefix + "crops_coords_top_left");
        IReadOnlyList<long>? target = reference.WholeNumbers(prefix + "target_size");
        return new PictureSizes
        {
            OriginalHeight = (int?)original?[0],
            OriginalWidth = (int?)original?[1],
            Top = (int)(crop?[0] ?? 0),
            Left = (int)(crop?[1] ?? 0),
            TargetHeight = (int?)target?[0],
            TargetWidth = (int?)target?[1],
        };
    }

    private static bool Any(Case reference, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (reference.Has(key))
            {
                return true;
            }
        }

        return false;
    }
}
