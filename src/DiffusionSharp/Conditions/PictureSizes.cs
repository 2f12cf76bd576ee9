namespace DiffusionSharp.Conditions;

/// <summary>
/// What SDXL is told of the sizes of a picture (Podell et al. 2023, arXiv:2307.01952, section 2.2), in pixels. Where a number is null it is the request's
/// own size: a picture of that size, from which nothing is cut off.
/// </summary>
public sealed record PictureSizes : IRequestPart
{
    /// <summary>Height of the picture before it was scaled: the smaller it is said to be, the more blurred the result.</summary>
    public int? OriginalHeight { get; init; }

    /// <summary>Width of the picture before it was scaled.</summary>
    public int? OriginalWidth { get; init; }

    /// <summary>Rows that were cut off above; 0 shows things whole.</summary>
    public int Top { get; init; }

    /// <summary>Columns that were cut off at the left.</summary>
    public int Left { get; init; }

    /// <summary>Height that the picture is drawn for; networks with aesthetic scores do not take it.</summary>
    public int? TargetHeight { get; init; }

    /// <summary>Width that the picture is drawn for.</summary>
    public int? TargetWidth { get; init; }

    /// <summary>The sizes that guidance moves away from; the same ones where null.</summary>
    public PictureSizes? Negative { get; init; }
}
