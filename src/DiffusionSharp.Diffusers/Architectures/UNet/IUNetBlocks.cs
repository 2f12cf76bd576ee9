using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>What the levels of a UNet are made of, in one form of pictures or another. Levels are counted from the largest picture.</summary>
internal interface IUNetBlocks
{
    /// <summary>Those of the middle, where they may differ.</summary>
    IUNetBlocks Middle { get; }

    /// <summary>Those for pictures of any size.</summary>
    /// <param name="settings">What the network says.</param>
    /// <param name="time">The embedded time.</param>
    /// <param name="context">The conditions <c>[B, T, D]</c>; null for a network without.</param>
    /// <param name="mask">Which of the conditions count, <c>[B, T]</c>, for the levels of ADM; all when null.</param>
    static IUNetBlocks ForAnySize(UNetSettings settings, Value time, Value? context, Value? mask) =>
        settings.Adm is { } adm ? new AdmUNetBlocks(settings, adm, time, context, mask) : new PlainUNetBlocks(settings, time, context);

    /// <summary>From a sample <c>[B, C, H, W]</c> to pictures in this form.</summary>
    Value In(Value sample, Weights w);

    Value Resnet(Value x, Weights w, int level, int channels);

    /// <summary>What looks at the conditions, a spatial transformer (arXiv:2112.10752, appendix E.2), or attention alone.</summary>
    /// <param name="x">The pictures.</param>
    /// <param name="w">Its weights.</param>
    /// <param name="level">The level.</param>
    /// <param name="depth">How many blocks.</param>
    /// <param name="onlyCross">Whether the first attention of a block also looks at the conditions.</param>
    Value Transformer(Value x, Weights w, int level, int depth, bool onlyCross);

    /// <summary>To the next smaller pictures.</summary>
    Value Down(Value x, Weights w, int level);

    /// <summary>To the next larger pictures.</summary>
    Value Up(Value x, Weights w, int level);

    /// <summary>Channels of one and then of the other.</summary>
    Value Join(Value x, Value skip);

    /// <summary>Pictures <c>[B, C, H, W]</c> from elsewhere.</summary>
    Value Given(Value picture);

    /// <summary>From pictures in this form to <c>[B, C, H, W]</c>.</summary>
    /// <param name="x">The pictures.</param>
    /// <param name="w">The weights of the network.</param>
    Value Out(Value x, Weights w);
}
