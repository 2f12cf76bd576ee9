namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>A model of a folder that is going to be loaded.</summary>
/// <param name="part">As its folder is called.</param>
/// <param name="preparation">What is to be done before.</param>
internal abstract class Loading(string part, IReadOnlyList<Action<CancellationToken>> preparation) : IDisposable
{
    public string Part => part;

    /// <summary>All that is to be done, of which the model itself is the last.</summary>
    public IReadOnlyList<Action<CancellationToken>> Pieces => [.. preparation, Load];

    protected abstract void Load(CancellationToken cancellationToken);

    public abstract void Dispose();
}

/// <summary>A model that is there when all are loaded.</summary>
internal sealed class Loading<T>(string part, IReadOnlyList<Action<CancellationToken>> preparation, Func<CancellationToken, T> load) : Loading(part, preparation)
    where T : class, IDisposable
{
    private T? _value;

    public T Value => _value ?? throw new InvalidOperationException($"'{Part}' is not loaded yet.");

    protected override void Load(CancellationToken cancellationToken) => _value = load(cancellationToken);

    public override void Dispose() => _value?.Dispose();
}
