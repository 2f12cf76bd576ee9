namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

/// <summary>The size of the new image, and where in it, or beyond it, the whole old image goes.</summary>
internal readonly record struct ResizeLayout(Size Size, Rectangle Target)
{
    public static ResizeLayout Create(Size old, ResizeOptions options)
    {
        Size size = Complete(old, options.Size);
        float byWidth = size.Width / (float)old.Width;
        float byHeight = size.Height / (float)old.Height;
        return options.Mode switch
        {
            ResizeMode.Stretch => new ResizeLayout(size, new Rectangle(default, size)),
            ResizeMode.Crop => Place(size, Scale(old, Math.Max(byWidth, byHeight), MathF.Ceiling), old, Math.Max(byWidth, byHeight), options.Position),
            ResizeMode.Pad => Place(size, Scale(old, Math.Min(byWidth, byHeight), MathF.Round), old, Math.Min(byWidth, byHeight), options.Position),
            ResizeMode.Max => Whole(Scale(old, Math.Min(byWidth, byHeight), MathF.Round)),
            _ => throw StandIn.Cannot($"resize with ResizeMode.{options.Mode}"),
        };
    }

    /// <summary>A side of zero follows from the other.</summary>
    private static Size Complete(Size old, Size size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size.Width);
        ArgumentOutOfRangeException.ThrowIfNegative(size.Height);
        return size switch
        {
            { Width: 0, Height: 0 } => throw new ArgumentException("Width and height cannot both be zero."),
            { Width: 0 } => new Size(Math.Max(1, (int)MathF.Round(old.Width * size.Height / (float)old.Height)), size.Height),
            { Height: 0 } => new Size(size.Width, Math.Max(1, (int)MathF.Round(old.Height * size.Width / (float)old.Width))),
            _ => size,
        };
    }

    private static Size Scale(Size old, float ratio, Func<float, float> round) =>
        new(Math.Max(1, (int)round(old.Width * ratio)), Math.Max(1, (int)round(old.Height * ratio)));

    private static ResizeLayout Whole(Size size) => new(size, new Rectangle(default, size));

    private static ResizeLayout Place(Size size, Size scaled, Size old, float ratio, AnchorPositionMode position)
    {
        float spareWidth = size.Width - (old.Width * ratio);
        float spareHeight = size.Height - (old.Height * ratio);
        float x = position switch
        {
            AnchorPositionMode.Left or AnchorPositionMode.TopLeft or AnchorPositionMode.BottomLeft => 0,
            AnchorPositionMode.Right or AnchorPositionMode.TopRight or AnchorPositionMode.BottomRight => spareWidth,
            _ => spareWidth / 2,
        };
        float y = position switch
        {
            AnchorPositionMode.Top or AnchorPositionMode.TopLeft or AnchorPositionMode.TopRight => 0,
            AnchorPositionMode.Bottom or AnchorPositionMode.BottomLeft or AnchorPositionMode.BottomRight => spareHeight,
            _ => spareHeight / 2,
        };
        return new ResizeLayout(size, new Rectangle(new Point((int)MathF.Round(x), (int)MathF.Round(y)), scaled));
    }
}
