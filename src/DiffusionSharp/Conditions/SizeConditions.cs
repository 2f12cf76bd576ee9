using System.Numerics.Tensors;
using DiffusionSharp.Guidance;

namespace DiffusionSharp.Conditions;

/// <summary>
/// The <c>time_ids</c> of SDXL (Podell et al. 2023, arXiv:2307.01952, section 2.2): original height and width, rows and columns cut off, then target
/// height and width, <c>[1, 6]</c>; for its refiner an aesthetic score in place of the target, <c>[1, 5]</c>. They follow from the request's size unless it
/// brings <see cref="PictureSizes"/> or <see cref="AestheticScores"/>.
/// </summary>
/// <param name="hasScore">Whether the network takes an aesthetic score.</param>
public sealed class SizeConditions(bool hasScore) : IConditionEncoder
{
    /// <summary>The network's input.</summary>
    public const string Name = "time_ids";

    /// <inheritdoc/>
    public IReadOnlyList<string> Provides { get; } = [Name];

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public void Check(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        PictureSizes? sizes = request.Part<PictureSizes>();
        foreach (PictureSizes? given in (PictureSizes?[])[sizes, sizes?.Negative])
        {
            foreach (int? size in (int?[])[given?.OriginalHeight, given?.OriginalWidth, given?.TargetHeight, given?.TargetWidth])
            {
                if (size < 1)
                {
                    throw new ArgumentOutOfRangeException(nameof(request), size, $"The sizes of {nameof(PictureSizes)} are of at least 1 pixel.");
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Encode(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        PictureSizes sizes = context.Request.Part<PictureSizes>() ?? new PictureSizes();
        AestheticScores scores = context.Request.Part<AestheticScores>() ?? new AestheticScores();
        if (!hasScore && context.Request.Part<AestheticScores>() is not null)
        {
            context.Warn("The request has an aesthetic score, which this model does not take.");
        }

        foreach (GuidanceTerm term in context.Terms)
        {
            if (context.Of(term)[Name] is null)
            {
                float[] ids = Ids(context.Request, term.SeesCondition ? sizes : sizes.Negative ?? sizes, term.SeesCondition ? scores.Score : scores.Negative);
                context.Add(term, new ConditionPart(Name, Tensor.Create(ids, [1, ids.Length])));
            }
        }
    }

    private float[] Ids(GenerationRequest request, PictureSizes sizes, float score)
    {
        (int height, int width) = (request.Height!.Value, request.Width!.Value);
        ReadOnlySpan<float> last = hasScore ? [score] : [sizes.TargetHeight ?? height, sizes.TargetWidth ?? width];
        return [sizes.OriginalHeight ?? height, sizes.OriginalWidth ?? width, sizes.Top, sizes.Left, .. last];
    }
}
