package dev.gantry.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whoever has no bucket pays nothing for the SDK: not a class of it is looked for. */
class WithoutBucketTest {
  @Test
  void nothing_of_the_sdk_is_loaded() throws Exception {
    ClassLoader loader = new WithoutSdk();
    Class<?> config = loader.loadClass(ObjectStoreConfig.class.getName());
    Class<?> type = Class.forName(ObjectStore.class.getName(), true, loader);
    Object nothingSet =
        Proxy.newProxyInstance(
            loader, new Class<?>[] {config}, (proxy, method, args) -> Optional.empty());
    Constructor<?> constructor = type.getDeclaredConstructor(config);
    constructor.setAccessible(true);
    Object store = constructor.newInstance(nothingSet);
    assertThat(type.getClassLoader()).isSameAs(loader);
    assertThat(call(store, "isThere")).isEqualTo(false);
    call(store, "close");
  }

  private static Object call(Object store, String name) throws Exception {
    Method method = store.getClass().getDeclaredMethod(name);
    method.setAccessible(true);
    return method.invoke(store);
  }

  /** Loads the room anew, and fails as if the SDK were not there. */
  private static final class WithoutSdk extends ClassLoader {
    private WithoutSdk() {
      super(WithoutBucketTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("software.amazon.")) {
        throw new ClassNotFoundException(name);
      }
      boolean own = name.startsWith("dev.gantry.artifacts.");
      Class<?> known = own ? findLoadedClass(name) : super.loadClass(name, resolve);
      return known == null ? define(name) : known;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
