using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DiffusionSharp.Serialization;

/// <summary>What the library's types want of JSON beyond what the source generator makes of them.</summary>
internal static class Contract
{
    /// <summary>
    /// Leaves out what follows from the rest. Has objects begin with their defaults, so that JSON need not say everything: by itself
    /// generated code gives init-only properties that JSON lacks zero or null. What has no default is required.
    /// </summary>
    public static void Complete(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        Func<object>? create = Defaults.Of(info.Type);
        object? standard = create?.Invoke();
        for (int i = info.Properties.Count - 1; i >= 0; i--)
        {
            JsonPropertyInfo property = info.Properties[i];
            if (property.AssociatedParameter is null && property.Set is null)
            {
                info.Properties.RemoveAt(i);
                continue;
            }

            property.IsRequired = property.AssociatedParameter is { IsMemberInitializer: false } parameter ? !parameter.HasDefaultValue : create is null;
            if (create is not null)
            {
                bool isNullByDefault = property.Get!(standard!) is null;
                property.ShouldSerialize = (_, value) => value is not null || !isNullByDefault;
                property.Set = Setter((PropertyInfo)property.AttributeProvider!);
            }
        }

        if (create is not null)
        {
            info.CreateObject = create;
        }
    }

    private static Action<object, object?> Setter(PropertyInfo property) => (target, value) =>
    {
        if (value is Enum choice && !Enum.IsDefined(choice.GetType(), choice))
        {
            throw new JsonException($"{property.Name} is {choice}, which is none of its values.");
        }

        try
        {
            property.SetValue(target, value, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        catch (ArgumentException e)
        {
            // As what the serializer knows the place of.
            throw new JsonException($"{property.Name}: {e.Message}", e);
        }
    };
}
