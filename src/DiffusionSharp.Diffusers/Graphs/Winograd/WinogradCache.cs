namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>
/// Filters in the form that <see cref="WinogradConvolution"/> takes them, each in a <see cref="WinogradFile"/> of its own. A graph names the files that it
/// reads while it is written; those that are not there are made afterwards, before it is loaded.
/// </summary>
/// <param name="folder">The folder of the files, which need not exist yet.</param>
internal sealed class WinogradCache(string folder)
{
    private readonly List<Action<CancellationToken>> _missing = [];

    /// <summary>
    /// What makes the filters that were asked for and are not there, those of one convolution each. Throws a <see cref="ModelFormatException"/> where they
    /// cannot be written.
    /// </summary>
    public IReadOnlyList<Action<CancellationToken>> Missing => _missing;

    /// <summary>Makes all of them.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void MakeMissing(CancellationToken cancellationToken)
    {
        foreach (Action<CancellationToken> make in _missing)
        {
            make(cancellationToken);
        }
    }

    /// <summary>The filters of a convolution, <c>[points², C, K]</c>.</summary>
    /// <param name="w">The weights of the convolution.</param>
    /// <param name="form">The form.</param>
    /// <param name="channels">K.</param>
    /// <param name="inChannels">C.</param>
    /// <exception cref="ModelFormatException">The weights are missing or have another shape.</exception>
    public Value Get(Weights w, WinogradForm form, int channels, int inChannels)
    {
        long[] shape = [channels, inChannels, WinogradForm.Taps, WinogradForm.Taps];
        if (w.Unchanged("weight", shape) is not { } stored)
        {
            return Transformed(w.Tensor("weight", shape), form, inChannels, channels);
        }

        var file = new WinogradFile(folder, stored, form);
        if (!file.IsThere)
        {
            _missing.Add(file.Make);
        }

        return w.Graph.Weight(file.Filters, file.Filters.Shape);
    }

    // What a LoRA has changed is transformed while the model is loaded.
    private static Value Transformed(Value weight, WinogradForm form, int inChannels, int channels)
    {
        Graph graph = weight.Graph;
        const int Taps = WinogradForm.Taps * WinogradForm.Taps;
        int points = form.Points * form.Points;
        Value matrix = graph.Constant(WinogradForm.Squared(form.G), points, Taps);
        Value taps = weight.Reshape((long)channels * inChannels, Taps).Transpose(1, 0);
        return graph.Node("MatMul", channels, [matrix, taps]).Reshape(points, channels, inChannels).Transpose(0, 2, 1);
    }
}
