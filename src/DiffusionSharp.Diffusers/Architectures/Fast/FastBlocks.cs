using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>Residual blocks and convolutions of pictures of known size.</summary>
/// <param name="cache">The transformed weights.</param>
/// <param name="groups">Groups of the norms.</param>
/// <param name="epsilon">Epsilon of the norms.</param>
/// <param name="inBands">Whether a large picture goes through a convolution in bands, so that what is between fits into the processor's cache.</param>
internal sealed class FastBlocks(WinogradCache cache, int groups, float epsilon, bool inBands = false)
{
    /// <summary>A residual block, see <see cref="ResnetBlock"/>.</summary>
    /// <param name="x">The pictures.</param>
    /// <param name="w">Its weights.</param>
    /// <param name="channels">How many come out.</param>
    /// <param name="time">The embedded time <c>[N, T]</c>; null for none.</param>
    /// <param name="scaleShift">Whether the time scales and shifts what the second norm gives, rather than being added before it.</param>
    public FastPicture Resnet(FastPicture x, Weights w, int channels, Value? time = null, bool scaleShift = false)
    {
        FastPicture hidden = Convolution(x, w["conv1"], channels, Norm(x, w["norm1"]), bias: null);
        // Neither the bias nor the time is added to all pixels: the norm behind takes both.
        Value added = w["conv1"].Tensor("bias", channels);
        Value? timed = time?.SiluAtOnce().Linear(w["time_emb_proj"], scaleShift ? 2 * channels : channels).Unsqueeze(1);
        if (timed is { } shift && !scaleShift)
        {
            added = shift + added;
        }

        ScaleShift norm = hidden.Moments.Plus(added).GroupNorm(w["norm2"], groups, epsilon).After(added);
        if (timed is { } both && scaleShift)
        {
            Value[] parts = both.Chunk(2, 2);
            norm = norm.Then(parts[0] + 1, parts[1]);
        }

        Value bias = w["conv2"].Tensor("bias", channels);
        return x.Channels == channels
            ? Convolution(hidden, w["conv2"], channels, norm, bias, x.Value)
            : Convolution(hidden, w["conv2"], channels, norm, bias + w["conv_shortcut"].Tensor("bias", channels), x.Value, w["conv_shortcut"]);
    }

    /// <summary>The norm of pictures.</summary>
    public ScaleShift Norm(FastPicture x, Weights w) => x.Moments.GroupNorm(w, groups, epsilon);

    /// <summary>A 3x3 convolution of pictures, which are normalised and activated before it where that is given.</summary>
    /// <param name="x">The pictures.</param>
    /// <param name="w">The weights.</param>
    /// <param name="channels">How many come out.</param>
    /// <param name="norm">The norm; null for neither norm nor activation.</param>
    /// <param name="bias">Added behind it; null for nothing.</param>
    /// <param name="shortcut">Pictures that are added behind it; null for none.</param>
    /// <param name="through">A 1x1 convolution that these go through, without its bias; null for none.</param>
    /// <param name="isDoubled">Whether height and width are doubled before it.</param>
    public FastPicture Convolution(FastPicture x, Weights w, int channels, ScaleShift? norm, Value? bias, Value? shortcut = null, Weights? through = null, bool isDoubled = false)
    {
        (int height, int width) = isDoubled ? (2 * x.Height, 2 * x.Width) : (x.Height, x.Width);
        Value? product = through?.Tensor("weight", channels, shortcut!.Value.Channels);
        if (WinogradForm.For(height, width) is not { } form)
        {
            Value planes = (x with { Value = Before(x.Value) }).ToPlanes();
            planes = (isDoubled ? planes.Double() : planes).Conv(w, channels, bias: false);
            var plain = FastPicture.Of(planes, x.Rows, height, width);
            return new FastPicture(After(plain.Value, shortcut, bands: 1), x.Rows, height, width);
        }

        var convolution = new WinogradConvolution(form, cache.Get(w, form, channels, x.Channels), x.Rows, height, width, isDoubled);
        if (!inBands || convolution.Bands == 1)
        {
            return new FastPicture(After(convolution.Whole(Before(x.Value)), shortcut, bands: 1), x.Rows, height, width);
        }

        (Value picture, Moments moments) = convolution.InBands(x.Value, Before, (band, beside) => After(band, beside, convolution.Bands), shortcut);
        return new FastPicture(picture, x.Rows, height, width) { Moments = moments };

        Value Before(Value picture) => norm is { } scaleShift ? scaleShift.Of(picture).SiluAtOnce() : picture;

        Value After(Value picture, Value? beside, int bands)
        {
            picture = bias is { } added ? picture + added : picture;
            return beside is { } other ? picture + (product is { } weight ? other.Product(weight, channels, x.Rows, height * width / bands) : other) : picture;
        }
    }
}
